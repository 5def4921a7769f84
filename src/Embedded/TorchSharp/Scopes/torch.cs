namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope that disposes at its end the tensors made in it on this thread.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();
}
