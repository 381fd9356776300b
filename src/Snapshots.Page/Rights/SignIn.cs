using System.Security.Cryptography;
using System.Text;

namespace Snapshots.Page;

/// <summary>
/// The form that trades the token for a session. It is one document without a script: nothing else is handed out before
/// the token is there.
/// </summary>
internal sealed class SignIn
{
    private const string Place = "<!--problem-->";
    private const string Problem = "<p role=\"alert\">That token is not the right one.</p>";

    private readonly Sessions _sessions;
    private readonly SnapshotsPageOptions _options;
    private readonly string _document = Encoding.UTF8.GetString(Assets.Read("sign-in.html"));
    private readonly string _policy;

    public SignIn(Sessions sessions, SnapshotsPageOptions options)
    {
        (_sessions, _options) = (sessions, options);
        var start = _document.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        var style = _document[start.._document.IndexOf("</style>", StringComparison.Ordinal)];
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        _policy = $"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";
    }

    /// <summary>The cookie with the session. Cookies do not tell ports apart, so its name does.</summary>
    public static string CookieOf(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"snapshots-session-{request.Host.Port ?? 0}");

    /// <summary>Answers 401 with the form.</summary>
    public Task ShowAsync(HttpContext context, bool isWrong)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.ContentSecurityPolicy = _policy;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/html; charset=utf-8";
        var document = _document.Replace(Place, isWrong ? Problem : string.Empty, StringComparison.Ordinal);
        return response.WriteAsync(document, context.RequestAborted);
    }

    /// <summary>Takes the token of the form, and sets the cookie if it is right.</summary>
    public async Task InAsync(HttpContext context)
    {
        var request = context.Request;
        var right = Right.None;
        try
        {
            if (request.HasFormContentType)
            {
                var form = await request.ReadFormAsync(context.RequestAborted);
                right = _sessions.RightOf(form["token"].ToString().Trim());
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            // A form that cannot be read has no token.
        }

        if (right == Right.None)
        {
            await ShowAsync(context, isWrong: true);
            return;
        }

        var (session, expires) = _sessions.Create(right);
        context.Response.Cookies.Append(CookieOf(request), session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps || _options.IsHttps,
            Expires = expires,
            Path = "/",
        });
        context.Response.Redirect("/");
    }

    /// <summary>Takes the cookie away.</summary>
    public static Task OutAsync(HttpContext context)
    {
        context.Response.Cookies.Delete(CookieOf(context.Request));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
