using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>Every operator, forward and backward, on DirectML against the CPU.</summary>
[DirectML]
public class OperatorTests
{
    private static IEnumerable<TestCaseData> Families =>
        GradientCases.Families.Select(family => new TestCaseData(family.Cases).SetArgDisplayNames(family.Name));

    [TestCaseSource(nameof(Families))]
    public void Values_and_gradients_are_those_of_the_CPU(IReadOnlyList<GradientCase> cases) => DeviceOperators.RequireAlike(Device.DirectML(), cases);
}
