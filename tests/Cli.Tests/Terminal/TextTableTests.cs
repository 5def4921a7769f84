using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Tests.Terminal;

public class TextTableTests
{
    [Fact]
    public void Columns_are_aligned_numbers_to_the_right_and_lines_end_without_blanks()
    {
        var table = new TextTable("cell", "bleu", "note") { Title = "Scores" };
        table.Add("steps=1", "3.2", "");
        table.Add("steps=16", "28.5", "best");
        Assert.Equal("Scores\ncell      bleu  note\nsteps=1    3.2\nsteps=16  28.5  best\n", table.ToText());
    }

    [Fact]
    public void A_row_has_a_cell_for_each_column() => Assert.Throws<ArgumentException>(() => new TextTable("a", "b").Add("1"));

    [Theory]
    [InlineData(0.2, "0:01")]
    [InlineData(59, "0:59")]
    [InlineData(150, "2:30")]
    [InlineData(3750, "1:02:30")]
    [InlineData(-3, "0:00")]
    public void Times(double seconds, string text) => Assert.Equal(text, Figures.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(14200.4, "14,200")]
    [InlineData(2.31849, "2.318")]
    [InlineData(0.0005, "5.0e-4")]
    [InlineData(0, "0.000")]
    [InlineData(123.4, "123")]
    public void Measures(double value, string text) => Assert.Equal(text, Figures.Measure(value));
}
