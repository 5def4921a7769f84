using DiffusionBatch.Bench;

return args switch
{
    ["gemm"] => GemmBench.Run(),
    ["ops"] => OpsBench.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench -- gemm|ops
          gemm  float32 matrix products against OpenBLAS, where that is installed
          ops   the other kernels, in elements and bytes per second
        """);
    return 2;
}
