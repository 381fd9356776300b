namespace Snapshots.Scripts;

/// <summary>The statements of scripts about tokens.</summary>
internal sealed class TokenParser : ScriptParser
{
    private long _tokens;

    public override string Application => TokenScripts.ApplicationName;

    protected override string Statements => "process, channel, send";

    protected override string Expectations => "process, channel";

    protected override string NowToo => $" or '{Now}'";

    protected override bool TryRead(ScriptLine line)
    {
        switch (line[0])
        {
            case "process":
                ReadProcess(line);
                return true;
            case "channel":
                ReadChannel(line);
                return true;
            case "send":
                line.RequireForm("send SOURCE TARGET AMOUNT");
                ReadDeclaredChannel(line, 1);
                line.Amount(3, minimum: 1);
                AddAct(line);
                return true;
            default:
                return false;
        }
    }

    protected override ScriptStep? TryReadExpect(ScriptLine line, SnapshotId snapshot, string kind)
    {
        if (snapshot == default)
        {
            line.RequireForm("expect now process NAME TOKENS");
            if (kind != "process") throw line.Error($"'expect now' knows 'process', not {line.Quote(2)}");
            return new ExpectNowStep(line.Number, ReadDeclaredProcess(line, 3), line.Amount(4, minimum: 0));
        }

        switch (kind)
        {
            case "process":
                line.RequireForm("expect SNAPSHOT process NAME TOKENS");
                var process = ReadDeclaredProcess(line, 3);
                return new ExpectProcessStep(line.Number, snapshot, process, line.Amount(4, minimum: 0));
            case "channel":
                if (line.Count < 5) line.RequireForm("expect SNAPSHOT channel SOURCE TARGET");
                var amounts = Enumerable.Range(5, line.Count - 5).Select(index => line.Amount(index, minimum: 1));
                return new ExpectChannelStep(line.Number, snapshot, ReadDeclaredChannel(line, 3), [.. amounts]);
            default:
                return null;
        }
    }

    private void ReadProcess(ScriptLine line)
    {
        line.RequireForm("process NAME TOKENS");
        var tokens = line.Amount(2, minimum: 0);
        AddProcess(line);
        _tokens += tokens;
        if (_tokens > ScriptLimits.MaxAmount)
            throw line.Error($"all processes together hold more than {ScriptLimits.MaxAmount} tokens");
    }

    private void ReadChannel(ScriptLine line)
    {
        line.RequireForm("channel SOURCE TARGET");
        var channel = ReadChannelId(line, 1);
        if (channel.Source == channel.Target)
            throw line.Error($"a channel cannot lead from {channel.Source} to itself");
        AddChannel(line, channel);
    }
}
