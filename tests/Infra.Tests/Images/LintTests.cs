using DiffusionBatch.Infra.Tests.Running;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>A linter from npm (dockerfile-utils, at the lock file's version) has nothing against the Dockerfiles.</summary>
public sealed class LintTests
{
    static readonly string s_linter = Path.Combine(SharedData.RepositoryRoot, "node_modules", "dockerfile-utils", "bin",
        "dockerfile-utils");

    static async Task<(int Code, string Output)> LintAsync(string file)
    {
        if (!File.Exists(s_linter) || Machine.Find("node") is null)
            Machine.Lacks("The linter for Dockerfiles isn't installed: run \"npm ci\".");
        return await RunningProgram.RunAsync(SharedData.RepositoryRoot, ["node", s_linter, "lint", file]);
    }

    [Theory]
    [InlineData("Dockerfile.worker")]
    [InlineData("Dockerfile.functions")]
    public async Task Dockerfiles_pass_the_linter_without_a_word(string file) => Assert.Equal((0, ""), await LintAsync(file));

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "FROM a\nENV b\nCMD c\nCMD d\n", TestContext.Current.CancellationToken);
            (int code, string output) = await LintAsync(file);
            Assert.Equal(1, code);
            Assert.Contains("ENV must have two arguments", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
