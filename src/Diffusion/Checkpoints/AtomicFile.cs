namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// Files and folders that appear whole or not at all: written beside their place, flushed to the disk, then renamed.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file through <paramref name="write"/>; an existing one is replaced in one step.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string staged = full + ".tmp";
        try
        {
            using (var stream = new FileStream(staged, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(staged, full, overwrite: true);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Moves a finished folder to its place. What stands there already is moved aside first and deleted afterwards, so that
    /// no reader ever sees a mixture of the two.
    /// </summary>
    /// <param name="staged">The folder that was written, on the same volume as <paramref name="target"/>.</param>
    /// <param name="target">Where it is to stand.</param>
    public static void MoveFolder(string staged, string target)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        if (!Directory.Exists(full))
        {
            Directory.Move(staged, full);
            return;
        }
        string aside = full + ".old";
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        Directory.Move(full, aside);
        Directory.Move(staged, full);
        Directory.Delete(aside, recursive: true);
    }
}
