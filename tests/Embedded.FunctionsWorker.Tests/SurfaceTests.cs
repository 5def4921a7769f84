using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class SurfaceTests
{
    [Fact]
    public void Each_public_member_is_the_librarys_to_the_letter() =>
        ApiSurface.AssertSubset(typeof(FunctionAttribute).Assembly, Path.Combine(AppContext.BaseDirectory, "Api", "Microsoft.Azure.Functions.Worker-2.52.txt"));
}
