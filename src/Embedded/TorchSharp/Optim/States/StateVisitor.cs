using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Goes through what an optimizer keeps of one parameter, in the order in which it is saved.</summary>
internal abstract class StateVisitor
{
    public abstract void On(ref long value);

    public abstract void On(ref double value);

    public abstract void On(ref Tensor tensor);

    /// <summary>A tensor that may be absent.</summary>
    public abstract void OnOptional(ref Tensor? tensor);
}
