namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Where a pipeline's files, queues and index are.</summary>
public sealed class PipelineConnection
{
    /// <summary>The connection string of an Azure Storage account, or Azurite's: its blobs are the storage root, and its queues carry the messages.</summary>
    /// <value>Null: <see cref="Folder"/> is the root.</value>
    public string? Storage { get; set; }

    /// <summary>The blob container that is the storage root; made where it doesn't exist.</summary>
    /// <value><c>dbatch</c>.</value>
    public string Container { get; set; } = "dbatch";

    /// <summary>A folder as the storage root, in place of <see cref="Storage"/>; the queues are then inside this process, which must do everything by itself.</summary>
    /// <value>Null: <see cref="Storage"/> is given.</value>
    public string? Folder { get; set; }

    /// <summary>The index: a SQLite file's path, or a PostgreSQL connection string as Npgsql has it (<c>Host=...;Database=...</c>).</summary>
    public string Index { get; set; } = "";

    /// <summary>Whether the index is in PostgreSQL.</summary>
    internal bool IsPostgres => Index.Contains("Host=", StringComparison.OrdinalIgnoreCase) || Index.Contains("Server=", StringComparison.OrdinalIgnoreCase);
}
