namespace DiffusionBatch.Pipeline.Files;

/// <summary>Tells apart why the operating system refused a file: what to do about it depends on that alone.</summary>
public static class FileTrouble
{
    // Numbers of errors: Windows' in the low half of HResult, Linux's and macOS's as HResult itself.
    const int WindowsError = unchecked((int)0x80070000);
    const int Sharing = WindowsError | 32, RangeLocked = WindowsError | 33, WriteProtected = WindowsError | 19,
        HandleFull = WindowsError | 39, DiskFull = WindowsError | 112;
    const int LinuxBusy = 11, MacBusy = 35, NoSpace = 28, ReadOnly = 30, LinuxQuota = 122, MacQuota = 69;

    /// <summary>Whether another process, or another part of this one, has the file open and locked.</summary>
    public static bool IsInUse(Exception e) => Of(e) == FileTroubleKind.InUse;

    /// <summary>What kind of trouble an exception tells of.</summary>
    public static FileTroubleKind Of(Exception e) => e switch
    {
        UnauthorizedAccessException => FileTroubleKind.Denied,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => FileTroubleKind.Other,
        IOException io when OperatingSystem.IsWindows() => io.HResult switch
        {
            Sharing or RangeLocked => FileTroubleKind.InUse,
            WriteProtected => FileTroubleKind.ReadOnly,
            HandleFull or DiskFull => FileTroubleKind.Full,
            _ => FileTroubleKind.Other,
        },
        IOException io => io.HResult switch
        {
            ReadOnly => FileTroubleKind.ReadOnly,
            NoSpace => FileTroubleKind.Full,
            var error when error == (OperatingSystem.IsMacOS() ? MacBusy : LinuxBusy) => FileTroubleKind.InUse,
            var error when error == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota) => FileTroubleKind.Full,
            _ => FileTroubleKind.Other,
        },
        _ => FileTroubleKind.Other,
    };

    /// <summary>The cause in words: "the disk is full".</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="path">The file, where it is known: a folder in its place is told as that.</param>
    public static string Reason(Exception e, string? path = null) => Of(e) switch
    {
        _ when path is not null && Directory.Exists(path) => "a folder is in its place",
        FileTroubleKind.InUse => "another process has it open",
        FileTroubleKind.ReadOnly => "the file system is read-only",
        FileTroubleKind.Full => "the disk is full, or its quota used up",
        FileTroubleKind.Denied => "permission is denied",
        _ => e.Message.TrimEnd('.'),
    };

    /// <summary>An exception's message with the cause before it, where that is one of those told apart here.</summary>
    public static string Told(Exception e) => Of(e) == FileTroubleKind.Other ? e.Message : $"{Reason(e)}: {e.Message}";

    /// <summary>Why a file can't be written now; null where it can. Makes the file where it isn't there.</summary>
    public static string? ToWrite(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reason(e, path);
        }
    }
}

/// <summary>Why the operating system refuses a file.</summary>
public enum FileTroubleKind
{
    /// <summary>Something else; the exception's own words say what.</summary>
    Other,

    /// <summary>Another process has it open and locked.</summary>
    InUse,

    /// <summary>This user may not.</summary>
    Denied,

    /// <summary>The file system can't be written.</summary>
    ReadOnly,

    /// <summary>There is no room left on the disk.</summary>
    Full,
}
