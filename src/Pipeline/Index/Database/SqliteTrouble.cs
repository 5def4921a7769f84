using System.Data.Common;
using DiffusionBatch.Pipeline.Files;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Why a SQLite file can't be used, and what to do: SQLite itself has one word, "unable to open", for many causes.</summary>
internal static class SqliteTrouble
{
    // SQLite's primary result codes.
    const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    /// <summary>The cause in words.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="path">The file.</param>
    public static string Reason(DbException e, string path) => e is not SqliteException sqlite ? e.Message : sqlite.SqliteErrorCode switch
    {
        Busy or Locked => "another program has locked it; end that program (a SQL shell with an open transaction, for one), then run again",
        Full => "the disk is full, or its quota used up",
        Corrupt or NoDatabase => $"{e.Message}; move the file away, and the index is made anew from the output folders",
        Permission or ReadOnly or InputOutput or CannotOpen when Unwritable(path) is { } why => why,
        _ => e.Message,
    };

    // The file's companions (write-ahead log and shared memory) are opened with it.
    static string? Unwritable(string path)
    {
        foreach (string file in (string[])[path, path + "-wal", path + "-shm"])
            if ((file == path || Path.Exists(file)) && FileTrouble.ToWrite(file) is { } why) return file == path ? why : $"{why} ({Path.GetFileName(file)})";
        return null;
    }
}
