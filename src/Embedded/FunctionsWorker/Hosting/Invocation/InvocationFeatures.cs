using System.Collections.Concurrent;

namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>An invocation's features by type.</summary>
internal sealed class InvocationFeatures : IInvocationFeatures
{
    readonly ConcurrentDictionary<Type, object> _features = [];

    /// <inheritdoc/>
    public void Set<T>(T instance) => _features[typeof(T)] = instance!;

    /// <inheritdoc/>
    public T? Get<T>() => _features.TryGetValue(typeof(T), out object? feature) ? (T)feature : default;
}
