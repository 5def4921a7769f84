using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Disposes a state's tensors.</summary>
internal sealed class StateRelease : StateVisitor
{
    public static readonly StateRelease Instance = new();

    public override void On(ref long value)
    {
    }

    public override void On(ref double value)
    {
    }

    public override void On(ref Tensor tensor) => tensor?.Dispose();

    public override void OnOptional(ref Tensor? tensor) => tensor?.Dispose();
}
