using DiffusionBatch.Bench.Peer;
using DiffusionBatch.Diffusion.Runtime;
using TorchSharp;

NativeShim.Register();
NativeShim.Require();
return new Driver(Console.OpenStandardInput(), Console.OpenStandardOutput(), new()
{
    ["step"] = settings => new TrainingStep(settings),
    ["forward"] = settings => new ForwardPass(settings),
    ["sample"] = settings => new Generator(settings),
}).Serve();
