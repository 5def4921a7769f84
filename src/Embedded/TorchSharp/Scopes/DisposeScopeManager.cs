namespace TorchSharp;

/// <summary>Keeps the stack of dispose scopes, one a thread.</summary>
public class DisposeScopeManager
{
    const int FirstSlots = 16;

    [ThreadStatic] static DisposeScopeManager? singleton;
    [ThreadStatic] static Stack<IDisposable?[]>? spare;

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

    /// <summary>An empty array for a scope's disposables, used again after <see cref="ReturnSlots"/>.</summary>
    internal static IDisposable?[] RentSlots() => spare is not null && spare.TryPop(out IDisposable?[]? slots) ? slots : new IDisposable?[FirstSlots];

    /// <summary>Takes back an array of which the first <paramref name="used"/> are in use.</summary>
    internal static void ReturnSlots(IDisposable?[] slots, int used)
    {
        if (slots.Length < FirstSlots) return;
        Array.Clear(slots, 0, used);
        (spare ??= []).Push(slots);
    }
}
