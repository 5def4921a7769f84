namespace Microsoft.Azure.Functions.Worker;

/// <summary>An invocation's features, one of a type.</summary>
public interface IInvocationFeatures
{
    /// <summary>Sets the feature of a type.</summary>
    void Set<T>(T instance);

    /// <summary>The feature of a type, or null.</summary>
    T? Get<T>();
}
