using DiffusionBatch.Diffusion.Runtime;
using Xunit.Sdk;
using Xunit.v3;

namespace DiffusionBatch.Testing;

/// <summary>Tests make tensors before they use anything of the product: libtorch is set up before the first is looked for.</summary>
public sealed class TorchSetup : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        TorchRuntime.Initialise();
        return default;
    }

    public ValueTask StopAsync() => default;
}
