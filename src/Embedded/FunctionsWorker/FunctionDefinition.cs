namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function that is invoked.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Its id, stable for an app: another one than the name's, so that logs can tell apps apart.</summary>
    public abstract string Id { get; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Its method: namespace, class and method.</summary>
    public abstract string EntryPoint { get; }
}
