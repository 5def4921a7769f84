using Azure;
using Azure.Identity;

namespace DiffusionBatch.Pipeline.Storage;

/// <summary>The one place where Azure's failures become ours.</summary>
internal static class AzureFailures
{
    /// <summary>Runs a call and translates what it throws.</summary>
    /// <param name="what">What is tried, for the message: "write the blob a/b".</param>
    /// <param name="call">The call.</param>
    public static async Task<T> Translate<T>(string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException e)
        {
            throw Of(what, e);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is RequestFailedException))
        {
            // The client's retries, each with its own failure.
            throw Of(what, (RequestFailedException)e.InnerExceptions[^1]);
        }
        catch (AuthenticationFailedException e)
        {
            // Who gives out tokens is away, or doesn't know the identity (yet): another try may succeed.
            throw new StorageException(StorageFailure.Unavailable, $"Storage failed to {what}: no identity could sign in: {e.Message}", e);
        }
    }

    /// <summary>What a failed request means.</summary>
    public static StorageException Of(string what, RequestFailedException e)
    {
        StorageFailure failure = e.Status switch
        {
            401 or 403 => StorageFailure.Denied,
            0 or 408 or 429 or >= 500 => StorageFailure.Unavailable,
            _ => StorageFailure.Invalid,
        };
        string cause = e.Status == 0
            ? "it can't be reached"
            : $"it answered {e.Status}{(e.ErrorCode is { Length: > 0 } code ? " " + code : "")}";
        return new StorageException(failure, $"Storage failed to {what}: {cause}.", e);
    }
}
