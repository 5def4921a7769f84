namespace DiffusionBatch.Testing;

/// <summary>
/// The golden files and real data that lie beside the repository (../shared). They are never committed;
/// a test that needs them skips aloud where they are absent, and runs in CI.
/// </summary>
public static class SharedData
{
    /// <summary>The repository's root: the folder that holds DiffusionBatch.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The full path of a file or folder under ../shared; skips the test where it is absent.</summary>
    public static string Require(string relativePath)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", relativePath));
        if (!File.Exists(path) && !Directory.Exists(path)) Machine.Lacks($"../shared/{relativePath} is absent.");
        return path;
    }

    static string FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "DiffusionBatch.sln"))) return d.FullName;
        throw new InvalidOperationException("No DiffusionBatch.sln above the test's folder.");
    }
}
