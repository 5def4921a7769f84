namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>What came with the trigger, by name, case ignored.</summary>
internal sealed class TriggerData(IEnumerable<KeyValuePair<string, object?>> data) : BindingContext
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> BindingData { get; } = new Dictionary<string, object?>(data, StringComparer.OrdinalIgnoreCase);
}
