using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer keeps of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Shows what is kept, in the order in which it is saved.</summary>
    internal virtual void Visit(StateVisitor visitor)
    {
    }

    /// <summary>Sets the state to that before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Moves the state; there is but one device here.</summary>
    public virtual void to(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device.Check(device.type);
    }

    /// <summary>True when the other is of this kind, with nearly the same values.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => other is not null && other.GetType() == GetType() && new StateValues(this).IsNear(other);

    public virtual void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Visit(new StateReader(reader));
    }

    public virtual void LoadStateDict(OptimizerState source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.GetType() != GetType()) throw new ArgumentException("The loaded optimizer state is of another kind of optimizer.");
        new StateValues(source).CopyTo(this);
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Visit(new StateWriter(writer));
    }

    /// <summary>Sets numbers to 0 and tensors to zeros; those that may be absent too, where asked.</summary>
    internal void Begin(bool optional = false) => Visit(new StateStart(this, optional));

    /// <summary>Lets the tensors go.</summary>
    internal void Release() => Visit(StateRelease.Instance);

    /// <summary>A state tensor of zeros like the parameter, in no scope, in place of an older one.</summary>
    internal void Fresh(ref Tensor? tensor, double value = 0)
    {
        tensor?.Dispose();
        tensor = value == 0 ? zeros_like(_parameter) : full(_parameter.sizes, value, _parameter.type);
        tensor.DetachFromDisposeScope();
    }

    /// <summary>Reads a tensor behind a flag; without the flag the one there is let go.</summary>
    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(device);
        Device.Check(device.type);
        new StateReader(reader).OnOptional(ref result);
    }

    /// <summary>Writes a flag, and the tensor where there is one.</summary>
    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new StateWriter(writer).OnOptional(ref tensor);
    }
}
