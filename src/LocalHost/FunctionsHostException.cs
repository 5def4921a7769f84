namespace DiffusionBatch.LocalHost;

/// <summary>The function app can't be run as it is, or as it is set up; the message says what to change.</summary>
public sealed class FunctionsHostException : Exception
{
    /// <summary>Whether someone killed the process, so that nothing is said against the app.</summary>
    internal bool IsKilled { get; init; }

    /// <summary>With what is wrong.</summary>
    public FunctionsHostException(string message) : base(message)
    {
    }

    /// <summary>With what is wrong, and what brought it to light.</summary>
    public FunctionsHostException(string message, Exception inner) : base(message, inner)
    {
    }
}
