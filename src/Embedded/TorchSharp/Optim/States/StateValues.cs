using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Notes the state of one parameter, then copies it to another or compares it with it.</summary>
internal sealed class StateValues : StateVisitor
{
    readonly List<object?> values = [];
    bool compares;
    int next = -1;

    public StateValues(OptimizerState source) => source.Visit(this);

    /// <summary>True when all that were compared were nearly the same.</summary>
    public bool Same { get; private set; } = true;

    public void CopyTo(OptimizerState target)
    {
        next = 0;
        target.Visit(this);
    }

    public bool IsNear(OptimizerState other)
    {
        compares = true;
        CopyTo(other);
        return Same;
    }

    public override void On(ref long value) => Number(ref value);

    public override void On(ref double value) => Number(ref value);

    public override void On(ref Tensor tensor)
    {
        Tensor? own = tensor;
        OnOptional(ref own);
    }

    public override void OnOptional(ref Tensor? tensor)
    {
        if (next < 0)
        {
            values.Add(tensor);
            return;
        }
        var source = (Tensor?)values[next++];
        if (compares)
        {
            Same &= source is null ? tensor is null : tensor is not null && source.allclose(tensor);
            return;
        }
        if (ReferenceEquals(source, tensor)) return;
        using IDisposable mode = no_grad();
        if (source is not null && tensor is not null) tensor.copy_(source);
        else
        {
            tensor?.Dispose();
            tensor = source?.clone().DetachFromDisposeScope();
        }
    }

    void Number<T>(ref T value) where T : struct, IEquatable<T>
    {
        if (next < 0) values.Add(value);
        else if (compares) Same &= value.Equals((T)values[next++]!);
        else value = (T)values[next++]!;
    }
}
