using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Sets a state to zeros: its numbers, its tensors, and those that may be absent where asked.</summary>
internal sealed class StateStart(OptimizerState state, bool optional) : StateVisitor
{
    public override void On(ref long value) => value = 0;

    public override void On(ref double value) => value = 0;

    public override void On(ref Tensor tensor) => state.Fresh(ref tensor!);

    public override void OnOptional(ref Tensor? tensor)
    {
        if (optional) state.Fresh(ref tensor);
    }
}
