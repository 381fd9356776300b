using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Snapshots.Page;

/// <summary>What a request may do.</summary>
internal enum Right
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Read.</summary>
    Read,

    /// <summary>Everything.</summary>
    Write,
}

/// <summary>
/// Compares tokens, and makes and reads sessions. A session is signed with a key that is made of the tokens, so every
/// silo with the same tokens knows it, none stores it, and a new token ends all of them. Thread-safe.
/// </summary>
internal sealed class Sessions
{
    private readonly byte[]? _token;
    private readonly byte[]? _readToken;
    private readonly byte[] _key;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;

    public Sessions(IOptions<SnapshotsPageOptions> options, TimeProvider time)
    {
        var value = options.Value;
        _token = DigestOf(value.Token);
        _readToken = DigestOf(value.ReadToken);
        _key = HMACSHA256.HashData([.. _token ?? [], .. _readToken ?? []], "snapshots.page.session"u8);
        _lifetime = value.SessionLifetime;
        _time = time;
    }

    /// <summary>Whether requests need a token.</summary>
    public bool IsRequired => _token is not null;

    /// <summary>What a token allows. The time that it takes does not depend on the token.</summary>
    public Right RightOf(string? token)
    {
        var digest = DigestOf(token ?? string.Empty)!;
        var mayWrite = CryptographicOperations.FixedTimeEquals(digest, _token);
        var mayRead = CryptographicOperations.FixedTimeEquals(digest, _readToken);
        return mayWrite ? Right.Write : mayRead ? Right.Read : Right.None;
    }

    /// <summary>Makes a session, for a cookie.</summary>
    public (string Value, DateTimeOffset Expires) Create(Right right)
    {
        var expires = _time.GetUtcNow() + _lifetime;
        var letter = right == Right.Write ? 'w' : 'r';
        var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var content = string.Create(CultureInfo.InvariantCulture, $"{expires.ToUnixTimeSeconds()}.{letter}.{random}");
        return ($"{content}.{Sign($"session {content}")}", expires);
    }

    /// <summary>What a session allows; nothing if it has expired or is not one of ours.</summary>
    public Right RightOfSession(string session)
    {
        var end = session.LastIndexOf('.');
        if (end < 0 || !IsSame(session[(end + 1)..], Sign($"session {session[..end]}"))) return Right.None;
        var parts = session.Split('.');
        var expires = long.Parse(parts[0], CultureInfo.InvariantCulture);
        if (expires <= _time.GetUtcNow().ToUnixTimeSeconds()) return Right.None;
        return parts[1] == "w" ? Right.Write : Right.Read;
    }

    /// <summary>The anti-forgery token of a session: another site can send its cookie, and cannot read this.</summary>
    public string AntiForgeryOf(string session) => Sign($"anti-forgery {session}");

    /// <summary>Compares two texts in a time that depends on their lengths alone.</summary>
    public static bool IsSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static byte[]? DigestOf(string? token) =>
        token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private string Sign(string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
