using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Tests.Data;

public sealed class PromptTemplateTests
{
    [Theory]
    [InlineData("German: {source} English: ", "{target}", "German: Hund English: ", "dog")]
    [InlineData("{source} = {source}", "<{target}>", "Hund = Hund", "<dog>")]
    [InlineData("{\"de\": {source}}", "no placeholder", "{\"de\": Hund}", "no placeholder")]
    public void Placeholders_are_filled_and_other_braces_stay(string prompt, string target, string expectedPrompt,
        string expectedResponse) =>
        Assert.Equal((expectedPrompt, expectedResponse), new PromptTemplate(prompt, target).Render("Hund", "dog"));

    [Fact]
    public void What_is_filled_in_is_not_read_as_a_template() =>
        Assert.Equal("a {source} b", new PromptTemplate("a {source} b", "{target}").RenderPrompt("{source}"));

    [Theory]
    [InlineData("{sorce}", "{target}", "{sorce}")]
    [InlineData("{source} {target}", "{target}", "{target}")]
    [InlineData("{source}", "{source}", "{source}")]
    public void An_unknown_placeholder_is_an_error_that_names_it(string prompt, string target, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => new PromptTemplate(prompt, target)).Message);
}
