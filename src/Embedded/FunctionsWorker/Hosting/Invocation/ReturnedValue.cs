namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>What a function returned, or what middleware put in its place.</summary>
internal sealed class ReturnedValue : InvocationResult
{
    /// <inheritdoc/>
    public override object? Value { get; set; }
}
