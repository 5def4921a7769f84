namespace TorchSharp.Autograd;

/// <summary>Whether operations on this thread are recorded.</summary>
internal static class GradMode
{
    [ThreadStatic] static bool off;
    [ThreadStatic] static bool inference;

    public static bool Enabled
    {
        get => !off;
        set => off = !value;
    }

    public static bool Inference
    {
        get => inference;
        set => inference = value;
    }
}
