using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Snapshots.Page;

/// <summary>
/// Decides about every request before anything else sees it. What may be done depends on the token of the header, or of
/// the session in the cookie. A browser sends cookies, and reaches the loopback interface, also for pages of others: so
/// a request that changes something must come from this page.
/// </summary>
internal sealed class RightsGate(RequestDelegate next, Sessions sessions, SnapshotsPageOptions options)
{
    /// <summary>The header with the anti-forgery token.</summary>
    public const string AntiForgeryHeader = "X-Snapshots-Anti-Forgery";

    private const int MaxBodyBytes = 64 * 1024;
    private const string SignInPath = "/sign-in";
    private const string SignOutPath = "/sign-out";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly SignIn _signIn = new(sessions, options);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        AddHeaders(context.Response.Headers);
        if (request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return next(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MaxBodyBytes;
        if (!sessions.IsRequired) return WithoutTokenAsync(context);
        if (request.Path == SignInPath && HttpMethods.IsPost(request.Method))
        {
            return IsForged(request)
                ? RefuseForgedAsync(context)
                : _signIn.InAsync(context);
        }

        return BearerOf(request) is { } token ? WithTokenAsync(context, token) : WithSessionAsync(context);
    }

    /// <summary>Answers with an error: one line in JSON.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return JsonAnswer.WriteAsync(context, writer => writer.WriteString("error", reason));
    }

    private Task WithoutTokenAsync(HttpContext context)
    {
        var local = context.Connection.LocalIpAddress;
        if (local is not null && !IPAddress.IsLoopback(local))
        {
            const string Reason = "without a token the page answers only over the loopback interface";
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, Reason);
        }

        // A site of others can have its own name lead to the loopback address, and is then the same origin.
        if (!IsLocalName(context.Request.Host.Host))
        {
            const string Reason = "without a token the page answers only as localhost or by its loopback address";
            return RefuseAsync(context, StatusCodes.Status403Forbidden, Reason);
        }

        return IsForged(context.Request)
            ? RefuseForgedAsync(context)
            : ContinueAsync(context, Right.Write, antiForgery: string.Empty);
    }

    private Task WithTokenAsync(HttpContext context, string token) => sessions.RightOf(token) switch
    {
        Right.None => UnauthorizedAsync(context, "the token is not the right one"),
        var right => ContinueAsync(context, right, antiForgery: string.Empty),
    };

    private Task WithSessionAsync(HttpContext context)
    {
        var request = context.Request;
        var session = request.Cookies[SignIn.CookieOf(request)];
        var right = session is null ? Right.None : sessions.RightOfSession(session);
        if (right == Right.None) return UnauthorizedAsync(context, "a token is needed: send it, or sign in at /");
        if (IsForged(request)) return RefuseForgedAsync(context);
        var antiForgery = sessions.AntiForgeryOf(session!);
        if (!IsReading(request) && !Sessions.IsSame(request.Headers[AntiForgeryHeader].ToString(), antiForgery))
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "the anti-forgery token is missing or wrong");
        return request.Path == SignOutPath && HttpMethods.IsPost(request.Method)
            ? SignIn.OutAsync(context)
            : ContinueAsync(context, right, antiForgery);
    }

    private Task ContinueAsync(HttpContext context, Right right, string antiForgery)
    {
        if (right != Right.Write && !IsReading(context.Request))
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "this token allows to read, and nothing else");
        context.Features.Set(new Visitor(right, antiForgery, antiForgery.Length > 0));
        return next(context);
    }

    /// <summary>To a person who opens the page the answer is a form.</summary>
    private Task UnauthorizedAsync(HttpContext context, string reason)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Request.Path == "/" && HttpMethods.IsGet(context.Request.Method)
            ? _signIn.ShowAsync(context, isWrong: false)
            : RefuseAsync(context, StatusCodes.Status401Unauthorized, reason);
    }

    private static Task RefuseForgedAsync(HttpContext context) => RefuseAsync(
        context, StatusCodes.Status403Forbidden, "the request comes from another page: open this one, and repeat it");

    /// <summary>
    /// Whether a page of others has made the request. Browsers say where a request comes from; programs say nothing,
    /// and are no danger to a session. A link to this page may stand anywhere.
    /// </summary>
    private static bool IsForged(HttpRequest request)
    {
        if (request.Path == "/" && IsReading(request)) return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none")) return true;
        if (IsReading(request)) return false;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return false;
        var isUri = Uri.TryCreate(origin, UriKind.Absolute, out var uri);
        return !isUri || !string.Equals(uri!.Authority, AuthorityOf(request, uri), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The host of a request, without the port that its scheme has anyway, as a browser writes it.</summary>
    private static string AuthorityOf(HttpRequest request, Uri origin) =>
        Uri.TryCreate($"{origin.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
            ? own.Authority
            : string.Empty;

    private static string? BearerOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    private static bool IsReading(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin"; // With no-referrer a browser hides the origin from this page, too.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}

/// <summary>Who makes a request.</summary>
/// <param name="Right">What the request may do.</param>
/// <param name="AntiForgery">The token that a changing request of the session carries; empty without a session.</param>
/// <param name="HasSession">Whether there is a session, which can be signed out of.</param>
internal sealed record Visitor(Right Right, string AntiForgery, bool HasSession);
