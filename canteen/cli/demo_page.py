"""The one page `canteen demo` prints: where to look, whom to sign in as, which cards to tap, what to curl."""

import ipaddress
import socket

from canteen.demo.accounts import DEMO_PASSWORD, DEMO_SIGN_INS
from canteen.pickup.qr import half_blocks
from canteen.settings import Settings

CARDS = (
    ("6222000000000082", "张玉兰 82 岁 · usual lunch, 82 years"),
    ("6222000000000092", "王福顺 92 岁 · one free meal a day"),
    ("6222000000000017", "李桂芝 · reported lost"),
    ("6222000000000067", "赵长林 · 低保 lapsed"),
)
_ANY = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


def lan_address(host: str) -> str | None:
    """The address a phone in the same network can reach, None when only this machine can."""
    if host in _ANY:
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: only asks which address would be used
            found = str(probe.getsockname()[0])
        except OSError:
            return None
        finally:
            probe.close()
        return None if ipaddress.ip_address(found).is_loopback else found
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return None if loopback else host


def demo_page(settings: Settings) -> str:
    """Plain text, 100 columns at most."""
    lan = lan_address(settings.host)
    shown = lan or ("127.0.0.1" if settings.host in _ANY else settings.host)
    base = f"http://{f'[{shown}]' if ':' in shown else shown}:{settings.port}"
    lines = [
        "",
        f"暖餐 Nuancan · demo 演示 · {base}",
        "",
        f"  {'elder 长者':<22}{base}/kiosk/longcheng   {base}/kiosk/shuiyun",
        f"  {'phone 手机':<22}{base}/m/longcheng",
        f"  {'canteen staff 食堂':<20}{base}/staff",
        f"  {'civil affairs 民政':<20}{base}/office",
        f"  {'programs 接口':<20}{base}/schema",
        "",
        f"  Sign in at {base}/signin, password {DEMO_PASSWORD}:",
        *(f"    {demo.username:<20}{demo.name}" for demo in DEMO_SIGN_INS),
        "",
        "  Cards to type at a kiosk (没带卡) or to scan:",
        *(f"    {number}  {who}" for number, who in CARDS),
        "",
        "  TOKEN=$(.venv/bin/canteen token create --role kiosk --canteen longcheng | tail -1)",
        f'  MENU=$(curl -s "{base}/api/v1/menus?canteen=longcheng&meal=lunch" -H "Authorization: Bearer $TOKEN"); echo $MENU',
        """  ITEM=$(grep -o '"recommended":[0-9]*' <<<$MENU | cut -d: -f2); DAY=$(grep -o '20[0-9-]*' <<<$MENU | head -1)""",
        f'  curl -s {base}/api/v1/orders -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $RANDOM" \\',
        """    -d '{"canteen":"longcheng","date":"'$DAY'","meal":"lunch","card":"6222000000000082",""",
        """        "lines":[{"item":'$ITEM',"quantity":1}],"payment":"wallet"}'""",
        f"  curl -s {base}/health",
        "",
    ]
    if lan is not None:
        address = f"{base}/m/longcheng"
        lines += [f"  On a phone in the same network: {address}", "", half_blocks(address), ""]
    return "\n".join(lines)
