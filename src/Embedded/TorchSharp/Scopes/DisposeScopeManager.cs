namespace TorchSharp;

/// <summary>Keeps the stack of dispose scopes, one a thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] static DisposeScopeManager? singleton;

    internal static DisposeScopeManager ThreadSingleton => singleton ??= new DisposeScopeManager();

    /// <summary>How many tensors this thread has made and disposed.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.Counts;

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal List<DisposeScope> Stack { get; } = [];

    internal DisposeScope? Current => Stack.Count > 0 ? Stack[^1] : null;

    internal static DisposeScope NewDisposeScope()
    {
        DisposeScopeManager manager = ThreadSingleton;
        var scope = new DisposeScope(manager);
        manager.Stack.Add(scope);
        return scope;
    }

    /// <summary>Takes a new tensor into the innermost scope, if there is one.</summary>
    internal static DisposeScope? Register(torch.Tensor tensor)
    {
        DisposeScopeManager manager = ThreadSingleton;
        DisposeScope? scope = manager.Current;
        if (scope is null) manager.Counts.TensorStatistics.CreatedOutsideScopeCount++;
        else manager.Counts.TensorStatistics.CreatedInScopeCount++;
        scope?.Include(tensor);
        return scope;
    }

    /// <summary>Notes that a tensor which was registered is disposed.</summary>
    internal static void Disposing(DisposeScope? scope)
    {
        LifetimeStatistics counts = ThreadSingleton.Counts.TensorStatistics;
        if (scope is null) counts.DisposedOutsideScopeCount++;
        else counts.DisposedInScopeCount++;
    }

    internal void Remove(DisposeScope scope)
    {
        int at = Stack.LastIndexOf(scope);
        if (at >= 0) Stack.RemoveAt(at);
    }
}
