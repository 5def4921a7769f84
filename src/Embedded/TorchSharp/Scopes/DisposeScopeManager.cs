namespace TorchSharp;

/// <summary>Keeps the stack of dispose scopes, one a thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] static DisposeScopeManager? singleton;

    internal static DisposeScopeManager ThreadSingleton => singleton ??= new DisposeScopeManager();

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
        DisposeScope? scope = singleton?.Current;
        scope?.Include(tensor);
        return scope;
    }

    internal void Remove(DisposeScope scope)
    {
        int at = Stack.LastIndexOf(scope);
        if (at >= 0) Stack.RemoveAt(at);
    }
}
