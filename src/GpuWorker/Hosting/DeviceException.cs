namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>The device that was asked for can't be had.</summary>
/// <param name="message">Why, and what to do.</param>
public sealed class DeviceException(string message) : Exception(message);
