namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Where a pipeline's files, queues and index are.</summary>
public sealed class PipelineConnection
{
    /// <summary>
    /// The storage account whose blobs are the storage root and whose queues carry the messages: its connection string (or Azurite's), or
    /// the address of its blobs (<c>https://NAME.blob.core.windows.net</c>), where an identity signs in and no key is needed.
    /// </summary>
    /// <value>Null: <see cref="Folder"/> is the root.</value>
    public string? Storage { get; set; }

    /// <summary>The address of the account's queues, where <see cref="Storage"/> is an address that theirs doesn't follow from.</summary>
    /// <value>Null: the address of the blobs, with <c>queue</c> in place of <c>blob</c>.</value>
    public string? Queues { get; set; }

    /// <summary>The client id of the user-assigned managed identity that signs in where no key or password does.</summary>
    /// <value>
    /// Null: whatever identity the process is found to have (Azure.Identity's <c>DefaultAzureCredential</c>): a system-assigned one, a
    /// workload identity, or on a developer's machine who is signed in there.
    /// </value>
    public string? Identity { get; set; }

    /// <summary>The blob container that is the storage root; made where it doesn't exist.</summary>
    /// <value><c>dbatch</c>.</value>
    public string Container { get; set; } = "dbatch";

    /// <summary>
    /// A folder as the storage root, in place of <see cref="Storage"/>; the queues are then inside this process, which must do everything
    /// by itself.
    /// </summary>
    /// <value>Null: <see cref="Storage"/> is given.</value>
    public string? Folder { get; set; }

    /// <summary>
    /// The file by which processes of one machine tell each other of new messages (<see cref="Pipeline.Storage.Queues.QueueBell"/>), beside
    /// the queues.
    /// </summary>
    /// <value>Null: they look into the queues alone.</value>
    public string? Bell { get; set; }

    /// <summary>
    /// The index: a SQLite file's path, or a PostgreSQL connection string as Npgsql has it (<c>Host=...;Database=...</c>).
    /// </summary>
    public string Index { get; set; } = "";

    /// <summary>
    /// Whether the identity signs in to the index too: its token is the password, as Azure Database for PostgreSQL takes it.
    /// </summary>
    /// <value>False: the connection string of <see cref="Index"/> says all.</value>
    public bool IndexByIdentity { get; set; }

    /// <summary>Whether the index is in PostgreSQL.</summary>
    internal bool IsPostgres => Index.Contains("Host=", StringComparison.OrdinalIgnoreCase)
        || Index.Contains("Server=", StringComparison.OrdinalIgnoreCase);
}
