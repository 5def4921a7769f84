[assembly: Xunit.v3.TestPipelineStartup(typeof(TorchSetup))]
