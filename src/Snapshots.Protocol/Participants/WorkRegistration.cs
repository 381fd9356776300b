namespace Snapshots.Protocol;

/// <summary>
/// The entry of one incarnation of a process in the pending-work registry. A process enlists before the first write
/// that leaves frames under way, which no one else may ever ask for, and its token is released some time after all is
/// done. Reports alone need no token: their collection asks for them.
/// </summary>
/// <param name="incarnation">What makes its tokens differ from those of every other incarnation.</param>
/// <param name="isInherited">
/// Whether the process was read with frames under way. An earlier incarnation has a token then, which only this one can
/// end: by its own in its place. Also when the acknowledgement is the first that this incarnation hears.
/// </param>
/// <param name="restMs">Milliseconds for which the token of an idle process is kept.</param>
internal sealed class WorkRegistration(Incarnation incarnation, bool isInherited, int restMs)
{
    private bool _isInherited = isInherited;
    private long _tokens;
    private Instant? _idleSince;
    private WorkToken? _release;

    /// <summary>
    /// The token that the registry has of this incarnation; none when it has none, or may have dropped it.
    /// </summary>
    public WorkToken? Token { get; private set; }

    /// <summary>Since when nothing is left to do, if the registry has no entry of the process; none else.</summary>
    public Instant? FreeSince => Token is null && !_isInherited ? _idleSince : null;

    /// <summary>When the token may be released; none while there is none, or something is to do.</summary>
    public Instant? ReleaseAt => Token is null ? null : _idleSince?.After(restMs);

    /// <summary>Whether the given token is the one of this incarnation.</summary>
    public bool Has(WorkToken? token) => token is not null && token == Token;

    /// <summary>A new token, if the process is to enlist before its next write.</summary>
    public WorkToken? TakeToken(bool hasUnacknowledgedFrames) =>
        Token is null && (hasUnacknowledgedFrames || _isInherited) ? new WorkToken(unchecked(incarnation.Value + ++_tokens)) : null;

    /// <summary>The registry has stored the token.</summary>
    public void Hold(WorkToken token) => (Token, _isInherited) = (token, false);

    /// <summary>The registry is to drop the token that it has of the process, whichever that is.</summary>
    public void Forget() => (Token, _isInherited) = (null, false);

    /// <summary>Notes whether nothing is left to do.</summary>
    public void Settle(bool isIdle, Instant now) => _idleSince = isIdle ? _idleSince ?? now : null;

    /// <summary>Whether a token has become due to be released.</summary>
    public bool Tick(Instant now)
    {
        if (ReleaseAt is not { } due || now < due) return false;
        (_release, Token) = (Token, null);
        return true;
    }

    /// <summary>Takes the token to release with the next handout, if there is one.</summary>
    public WorkToken? TakeRelease(bool isLeaving)
    {
        var release = _release ?? (isLeaving ? Token : null);
        if (isLeaving) Token = null;
        _release = null;
        return release;
    }
}
