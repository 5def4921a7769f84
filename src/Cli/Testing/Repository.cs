namespace DiffusionBatch.Cli.Testing;

/// <summary>The repository that this <c>dbatch</c> was built in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>DiffusionBatch.sln</c>.</summary>
    /// <exception cref="UserException">This copy of <c>dbatch</c> lies outside a clone.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DiffusionBatch.sln"))) return folder.FullName;
        throw new UserException("this works in a clone of the repository; there is no DiffusionBatch.sln above " + AppContext.BaseDirectory);
    }
}
