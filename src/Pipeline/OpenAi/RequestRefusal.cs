using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>Why a request isn't answered, in the API's form.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Error">What is wrong.</param>
public sealed record RequestRefusal(int Status, OpenAiErrorBody Error)
{
    /// <summary>A request that the caller can mend.</summary>
    public static RequestRefusal Invalid(string message, string? param, string? code) =>
        new(400, new OpenAiErrorBody(message, OpenAiErrorBody.InvalidRequest, param, code));
}

/// <summary>A call of the OpenAI-shaped door that can't be met.</summary>
/// <param name="refusal">Why.</param>
public sealed class RequestRefusedException(RequestRefusal refusal) : Exception(refusal.Error.Message)
{
    /// <summary>Why.</summary>
    public RequestRefusal Refusal { get; } = refusal;

    /// <summary>A request that the caller can mend.</summary>
    public RequestRefusedException(string message, string? param = null, string? code = null, int status = 400)
        : this(RequestRefusal.Invalid(message, param, code) with { Status = status })
    {
    }
}
