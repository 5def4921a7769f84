namespace Microsoft.Azure.Functions.Worker;

/// <summary>What came with the trigger beside its value: route values of a request, id and count of a message.</summary>
public abstract class BindingContext
{
    /// <summary>The data by name, case ignored.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
