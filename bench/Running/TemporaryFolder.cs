namespace DiffusionBatch.Bench;

/// <summary>A folder that goes with its object, or with the process where Ctrl-C ends it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    internal TemporaryFolder() => AppDomain.CurrentDomain.ProcessExit += Delete;

    /// <summary>Its path.</summary>
    internal string Name { get; } = Directory.CreateTempSubdirectory("dbatch-bench-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Delete;
        Directory.Delete(Name, recursive: true);
    }

    private void Delete(object? sender, EventArgs e)
    {
        try
        {
            Directory.Delete(Name, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Whoever still writes into it ends with the process; what it leaves is the system's to clear.
        }
    }
}
