using DiffusionBatch.Bench;

return args switch
{
    ["gemm"] => GemmBench.Run(),
    ["ops"] => OpsBench.Run(),
    ["train"] => TrainBench.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench -- gemm|ops|train
          gemm  float32 matrix products against OpenBLAS, where that is installed
          ops   the other kernels, in elements per second
          train one training step of a small model, by its parts
        """);
    return 2;
}
