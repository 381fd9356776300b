namespace Snapshots.Simulator;

/// <summary>Writes the files of <c>--svg</c> and <c>--shiviz</c>: a new file whole or not at all.</summary>
internal static class PictureFile
{
    public static void Write(string? path, Func<string> draw)
    {
        if (path is null) return;
        var text = draw();
        if (File.Exists(path))
        {
            File.WriteAllText(path, text); // It may be a link, a pipe or a device.
            return;
        }

        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
