using System.Globalization;
using DiffusionBatch.Pipeline.Files;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>
/// One process at a time works on a storage root. The operating system frees the lock with the process that held it,
/// however it ended; the owner file beside it only says who that was.
/// </summary>
public sealed class RootLock : IDisposable
{
    readonly FileStream _lock;
    readonly string _ownerFile;

    RootLock(FileStream file, string ownerFile) => (_lock, _ownerFile) = (file, ownerFile);

    /// <summary>This process, as locks and the index name it: <c>pid@machine</c>.</summary>
    public static string Me { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}@{Environment.MachineName}");

    /// <summary>Takes the root.</summary>
    /// <exception cref="RootInUseException">Another process has it.</exception>
    /// <exception cref="RootUnwritableException">It can't be written.</exception>
    public static RootLock Take(string root, TimeProvider time)
    {
        FileStream file = Open(root, FileMode.OpenOrCreate) ?? throw InUse(root);
        string ownerFile = OwnerFile(root);
        try
        {
            File.WriteAllText(ownerFile,
                string.Create(CultureInfo.InvariantCulture, $"{Me} since {time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw Unwritable(root, ownerFile, e);
        }
        return new RootLock(file, ownerFile);
    }

    /// <summary>Refuses a root that another process has; writes nothing.</summary>
    /// <exception cref="RootInUseException">Another process has it.</exception>
    /// <exception cref="RootUnwritableException">It can't be written.</exception>
    public static void DemandFree(string root)
    {
        if (!File.Exists(LockFile(root))) return;
        using FileStream file = Open(root, FileMode.Open) ?? throw InUse(root);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_ownerFile);
        // The lock file itself stays: deleting it while another process opens it would let two in.
        _lock.Dispose();
    }

    static FileStream? Open(string root, FileMode mode)
    {
        try
        {
            return new FileStream(LockFile(root), mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileTrouble.IsInUse(e) ? null : throw Unwritable(root, LockFile(root), e);
        }
    }

    static RootInUseException InUse(string root)
    {
        string owner;
        try
        {
            owner = "process " + File.ReadAllText(OwnerFile(root));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            owner = "another process, which hasn't said its name";
        }
        return new RootInUseException($"{root} is in use by {owner}; wait until it is done, or choose another --root.");
    }

    static RootUnwritableException Unwritable(string root, string file, Exception e) =>
        new($"{root} can't be written: {FileTrouble.Reason(e, file)} ({Path.GetFileName(file)}); mend that, or choose another --root.", e);

    static string LockFile(string root) => Path.Combine(root, "dbatch.db.lock");

    static string OwnerFile(string root) => Path.Combine(root, "dbatch.db.owner");
}

/// <summary>Another process runs jobs on the same storage root.</summary>
/// <param name="message">Who holds the root, and what to do.</param>
public sealed class RootInUseException(string message) : Exception(message);

/// <summary>A storage root can't be written: a read-only or full disk, or missing permission. No other process has to do with it.</summary>
/// <param name="message">The root, the file, the cause and what to do.</param>
/// <param name="inner">What the operating system's refusal was thrown as.</param>
public sealed class RootUnwritableException(string message, Exception inner) : IOException(message, inner);
