namespace DiffusionBatch.Cli.Local;

/// <summary>What <c>dbatch up</c> starts.</summary>
/// <param name="Root">The folder that takes Azurite's data, the index and the workers' files.</param>
internal sealed record LocalOptions(string Root)
{
    /// <summary>The API's port; another where it is taken.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>The number of workers.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <summary>What the workers compute on: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether Azure Functions Core Tools play the API's host, in place of the host that comes with dbatch.</summary>
    public bool UsesCoreTools { get; init; }

    /// <summary>The index: a SQLite file, or a PostgreSQL connection string; null: <c>dbatch.db</c> under the root.</summary>
    public string? Index { get; init; }
}
