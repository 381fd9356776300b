using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Snapshots.Page;

/// <summary>The static files of the page, which are part of the assembly.</summary>
internal static class Assets
{
    private static readonly Assembly Assembly = typeof(Assets).Assembly;
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Reads a file.</summary>
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly has no file {name}");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var name in Assembly.GetManifestResourceNames())
        {
            // The form to sign in is an answer to what is refused, not a page of its own.
            if (name.StartsWith("sign-in", StringComparison.Ordinal)) continue;
            var (content, type) = (Read(name), TypeOf(name));
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"";
            var path = name == "index.html" ? "/" : $"/{name}";
            endpoints.MapMethods(path, ReadMethods, context => SendAsync(context, content, type, tag));
        }
    }

    private static Task SendAsync(HttpContext context, byte[] content, string type, string tag)
    {
        var response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache"; // The browser asks each time whether it is still this version.
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = type;
        response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"the type of {name} is not known"),
    };
}
