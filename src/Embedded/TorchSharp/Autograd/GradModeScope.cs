namespace TorchSharp.Autograd;

/// <summary>Sets the recording mode until disposed.</summary>
internal sealed class GradModeScope : IDisposable
{
    readonly bool enabledBefore = GradMode.Enabled, inferenceBefore = GradMode.Inference;
    bool ended;

    public GradModeScope(bool enabled, bool? inference = null)
    {
        GradMode.Enabled = enabled;
        if (inference is { } value) GradMode.Inference = value;
    }

    public void Dispose()
    {
        if (ended) return;
        ended = true;
        GradMode.Enabled = enabledBefore;
        GradMode.Inference = inferenceBefore;
    }
}
