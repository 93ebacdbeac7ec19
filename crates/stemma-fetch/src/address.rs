//! Which internet addresses may be connected to.
//!
//! An address is judged after the name was resolved, and the judged address is the one that is connected to. What counts is
//! where a packet would go: IPv4 inside of IPv6 (mapped, NAT64) is judged as IPv4. Of IPv6 only global unicast is public.
//! Source: the IANA registries of special-purpose addresses (RFC 6890 and what it has taken in since), and the addresses at
//! which cloud providers hand out credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What an address is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AddressKind {
    /// Of the public internet.
    Public,
    /// This machine.
    Loopback,
    /// A private network (RFC 1918), or a unique local address of IPv6 (RFC 4193).
    Private,
    /// Shared by the customers of a provider (RFC 6598).
    Shared,
    /// The local link only.
    LinkLocal,
    /// Where a cloud hands out the credentials of the machine.
    Metadata,
    /// Many receivers, or all.
    Multicast,
    /// For examples in documents.
    Documentation,
    /// No address yet: `0.0.0.0` reaches this machine on many systems.
    Unspecified,
    /// Kept for other uses, or for none.
    Reserved,
}

impl AddressKind {
    /// The kind with its article, as messages have it: "a loopback address".
    pub fn with_article(self) -> &'static str {
        match self {
            AddressKind::Public => "a public address",
            AddressKind::Loopback => "a loopback address",
            AddressKind::Private => "an address of a private network",
            AddressKind::Shared => "an address that a provider shares among its customers",
            AddressKind::LinkLocal => "a link-local address",
            AddressKind::Metadata => "the metadata service of a cloud",
            AddressKind::Multicast => "a multicast address",
            AddressKind::Documentation => "an address for examples in documents",
            AddressKind::Unspecified => "no address of any host",
            AddressKind::Reserved => "a reserved address",
        }
    }
}

/// How far requests may reach.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Reach {
    /// The public internet.
    #[default]
    Public,
    /// Also this machine and private networks. What is neither (metadata services, link-local, multicast, reserved
    /// addresses) stays refused.
    Private,
}

impl Reach {
    /// True if an address of this kind may be connected to.
    pub fn includes(self, kind: AddressKind) -> bool {
        match kind {
            AddressKind::Public => true,
            AddressKind::Loopback | AddressKind::Private | AddressKind::Shared => self == Reach::Private,
            _ => false,
        }
    }
}

/// What may be connected to: all within reach, and single addresses besides.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Rules {
    pub(crate) reach: Reach,
    pub(crate) allowed: Vec<SocketAddr>,
}

impl Rules {
    /// Why `address` may not be connected to; `None` if it may.
    pub(crate) fn refusal(&self, address: &SocketAddr) -> Option<AddressKind> {
        let kind = kind_of(address.ip());
        (!self.reach.includes(kind) && !self.allowed.contains(address)).then_some(kind)
    }
}

/// What an address is for.
pub fn kind_of(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    }
}

/// The address of Azure's host agent stands in a public block. The other clouds use link-local or private ones.
const AZURE_HOST_AGENT: [u8; 4] = [168, 63, 129, 16];

fn kind_of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        [169, 254, 169, 254 | 253] | [169, 254, 170, 2 | 23] | [100, 100, 100, 200] | AZURE_HOST_AGENT => {
            AddressKind::Metadata
        }
        [0, ..] => AddressKind::Unspecified,
        [127, ..] => AddressKind::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => AddressKind::Private,
        [100, 64..=127, ..] => AddressKind::Shared,
        [169, 254, ..] => AddressKind::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => AddressKind::Documentation,
        // IETF protocols; relays of 6to4, given up; benchmarks.
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => AddressKind::Reserved,
        [224..=239, ..] => AddressKind::Multicast,
        [240..=255, ..] => AddressKind::Reserved,
        _ => AddressKind::Public,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> AddressKind {
    let inner = || {
        let [.., a, b, c, d] = address.octets();
        kind_of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => AddressKind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressKind::Loopback,
        // IPv4, mapped into IPv6 or behind a NAT64 (RFC 6052): networks of IPv6 alone reach all of IPv4 through the latter.
        [0, 0, 0, 0, 0, 0xFFFF, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => inner(),
        [0xFD00, 0xEC2, 0, 0, 0, 0, 0, 0x254 | 0x23] | [0xFD20, 0xCE, 0, 0, 0, 0, 0, 0x254] => {
            AddressKind::Metadata
        }
        [0xFC00..=0xFDFF, ..] => AddressKind::Private,
        [0xFE80..=0xFEBF, ..] => AddressKind::LinkLocal,
        // Site-local, given up, and still in use in places.
        [0xFEC0..=0xFEFF, ..] => AddressKind::Private,
        [0xFF00..=0xFFFF, ..] => AddressKind::Multicast,
        [0x2001, 0xDB8, ..] | [0x3FFF, 0..=0xFFF, ..] => AddressKind::Documentation,
        // IETF protocols, Teredo among them; 6to4, which hides any IPv4 address.
        [0x2001, 0..=0x1FF, ..] | [0x2002, ..] => AddressKind::Reserved,
        [0x2000..=0x3FFF, ..] => AddressKind::Public,
        _ => AddressKind::Reserved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(address: &str) -> AddressKind {
        kind_of(address.parse().unwrap())
    }

    #[test]
    fn kinds_of_addresses() {
        let addresses = [
            "93.184.215.14",
            "8.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.0.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "172.32.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "100.100.100.200",
            "100.128.0.1",
            "169.254.1.1",
            "169.254.169.254",
            "168.63.129.16",
            "192.0.2.7",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "2606:2800:21f:cb07::1",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::10.0.0.1",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::8.8.8.8",
            "fd12:3456::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
            "2001::1",
            "2002:7f00:1::",
            "100::1",
            "4000::1",
        ];
        let table: String =
            addresses.iter().map(|address| format!("{address:<24}{:?}\n", kind(address))).collect();
        insta::assert_snapshot!(table, @r"
        93.184.215.14           Public
        8.8.8.8                 Public
        0.0.0.0                 Unspecified
        0.1.2.3                 Unspecified
        127.0.0.1               Loopback
        127.255.0.3             Loopback
        10.0.0.1                Private
        172.16.0.1              Private
        172.31.255.255          Private
        172.32.0.1              Public
        192.168.1.1             Private
        100.64.0.1              Shared
        100.100.100.200         Metadata
        100.128.0.1             Public
        169.254.1.1             LinkLocal
        169.254.169.254         Metadata
        168.63.129.16           Metadata
        192.0.2.7               Documentation
        198.18.0.1              Reserved
        224.0.0.1               Multicast
        255.255.255.255         Reserved
        2606:2800:21f:cb07::1   Public
        ::                      Unspecified
        ::1                     Loopback
        ::127.0.0.1             Reserved
        ::ffff:127.0.0.1        Loopback
        ::ffff:8.8.8.8          Public
        64:ff9b::10.0.0.1       Private
        64:ff9b::8.8.8.8        Public
        64:ff9b:1::8.8.8.8      Reserved
        fd12:3456::1            Private
        fd00:ec2::254           Metadata
        fe80::1                 LinkLocal
        ff02::1                 Multicast
        2001:db8::1             Documentation
        3fff::1                 Documentation
        2001::1                 Reserved
        2002:7f00:1::           Reserved
        100::1                  Reserved
        4000::1                 Reserved
        ");
    }

    #[test]
    fn reach_decides() {
        let refusal = |reach, address: &str| {
            Rules { reach, allowed: Vec::new() }.refusal(&SocketAddr::new(address.parse().unwrap(), 80))
        };
        assert_eq!(refusal(Reach::Public, "8.8.8.8"), None);
        assert_eq!(refusal(Reach::Public, "127.0.0.1"), Some(AddressKind::Loopback));
        assert_eq!(refusal(Reach::Private, "127.0.0.1"), None);
        assert_eq!(refusal(Reach::Private, "fd12::1"), None);
        assert_eq!(refusal(Reach::Private, "169.254.169.254"), Some(AddressKind::Metadata));
        assert_eq!(refusal(Reach::Private, "0.0.0.0"), Some(AddressKind::Unspecified));
    }

    #[test]
    fn a_single_address_is_allowed_with_its_port() {
        let rules = Rules { reach: Reach::Public, allowed: vec!["127.0.0.1:8080".parse().unwrap()] };
        assert_eq!(rules.refusal(&"127.0.0.1:8080".parse().unwrap()), None);
        assert_eq!(rules.refusal(&"127.0.0.1:8081".parse().unwrap()), Some(AddressKind::Loopback));
    }

    proptest! {
        #[test]
        fn ipv4_in_ipv6_is_judged_as_ipv4(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(kind_of(v4.to_ipv6_mapped().into()), kind_of(v4.into()));
        }
    }
}
