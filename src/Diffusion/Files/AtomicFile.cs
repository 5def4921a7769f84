namespace DiffusionBatch.Diffusion.Files;

/// <summary>
/// Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed.
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
}
