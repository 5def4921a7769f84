namespace TorchSharp;

/// <summary>Lets backward passes look for gradients that are not numbers, until disposed.</summary>
public class AnomalyMode : IDisposable
{
    static bool isEnabled, checksNaN = true;

    readonly bool enabledBefore = isEnabled, checksBefore = checksNaN;

    /// <param name="enabled">Whether backward passes look.</param>
    /// <param name="check_nan">Whether a gradient that is not a number is an error.</param>
    public AnomalyMode(bool enabled, bool check_nan = true)
    {
        isEnabled = enabled;
        checksNaN = check_nan;
    }

    public static bool IsEnabled => isEnabled;

    public static bool ShouldCheckNaN => checksNaN;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        isEnabled = enabledBefore;
        checksNaN = checksBefore;
    }
}
