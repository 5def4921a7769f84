namespace DiffusionBatch.Contracts.OpenAi;

/// <summary>An error as the OpenAI-shaped door tells it.</summary>
/// <param name="Error">What is wrong.</param>
public sealed record OpenAiError(OpenAiErrorBody Error);

/// <summary>What is wrong with a request.</summary>
/// <param name="Message">A sentence for people.</param>
/// <param name="Type"><see cref="InvalidRequest"/> or <see cref="Server"/>.</param>
/// <param name="Param">The parameter that is meant, or null.</param>
/// <param name="Code">A word for programs, or null.</param>
public sealed record OpenAiErrorBody(string Message, string Type, string? Param, string? Code)
{
    /// <summary>The type of what the caller can mend.</summary>
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>The type of what the caller can't mend.</summary>
    public const string Server = "server_error";
}

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Data">The objects.</param>
/// <param name="FirstId">The first one's id, or null.</param>
/// <param name="LastId">The last one's id, by which the next page is asked for, or null.</param>
/// <param name="HasMore">Whether there is a next page.</param>
public sealed record OpenAiPage<T>(IReadOnlyList<T> Data, string? FirstId, string? LastId, bool HasMore)
{
    /// <summary>What it is.</summary>
    public string Object { get; } = "list";
}

/// <summary>The answer to a deletion.</summary>
/// <param name="Id">What was deleted.</param>
/// <param name="Object">What it was.</param>
/// <param name="Deleted">True.</param>
public sealed record DeletedObject(string Id, string Object, bool Deleted);

/// <summary>A model that requests can name.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Created">When it was made, in seconds since 1970; 0 where that isn't known.</param>
public sealed record ModelObject(string Id, long Created)
{
    /// <summary>What it is.</summary>
    public string Object { get; } = "model";

    /// <summary>Whose it is.</summary>
    public string OwnedBy { get; } = "diffusionbatch";
}

/// <summary>A file of the OpenAI-shaped door: an upload, or what a batch has written.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="CreatedAt">When it came, in seconds since 1970.</param>
/// <param name="ExpiresAt">When it is deleted, or null: never.</param>
/// <param name="Filename">The name that it was uploaded under.</param>
/// <param name="Purpose"><c>batch</c>, or <c>batch_output</c>.</param>
public sealed record FileObject(string Id, long Bytes, long CreatedAt, long? ExpiresAt, string Filename, string Purpose)
{
    /// <summary>What it is.</summary>
    public string Object { get; } = "file";

    /// <summary>Always <c>processed</c>: batches check their files themselves.</summary>
    public string Status { get; } = "processed";
}
