using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Nothing is recorded for a backward pass until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradModeScope(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradModeScope(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradModeScope(mode);

    public static IDisposable inference_mode(bool mode = true) => new GradModeScope(!mode && GradMode.Enabled, mode);

    public static bool is_grad_enabled() => GradMode.Enabled;

    public static bool is_inference_mode_enabled() => GradMode.Inference;
}
